// The workload, for Workers in JavaScript.

const counts = { bulk: 0, dead: 0 };
const arrivals = new Map();

async function send(queue, n, batch, delay) {
  for (let start = 0; start < n; start += batch) {
    const bodies = [];
    for (let i = start; i < Math.min(start + batch, n); i++) {
      bodies.push({ body: { i, kind: "bench", user: `user-${i % 97}` } });
    }
    await queue.sendBatch(bodies, { delaySeconds: delay });
  }
}

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const given = (name) => Number(url.searchParams.get(name) ?? 0);
    if (url.pathname === "/send") {
      await send(env.BULK, given("n"), given("batch"), given("delay"));
    } else if (url.pathname === "/retry") {
      await send(env.RETRY, given("n"), given("batch"), 0);
    } else if (url.pathname === "/roundtrip") {
      const key = url.searchParams.get("key");
      const { promise, resolve } = Promise.withResolvers();
      arrivals.set(key, resolve);
      await env.LATENCY.send({ key });
      // A request that waits for nothing but another one is held to hang.
      const patience = setTimeout(() => {}, 60_000);
      await promise;
      clearTimeout(patience);
      arrivals.delete(key);
    }
    return Response.json(counts);
  },

  async queue(batch) {
    if (batch.queue === "bench-bulk") {
      counts.bulk += batch.messages.filter((message) => message.body.kind === "bench").length;
    } else if (batch.queue === "bench-dead") {
      counts.dead += batch.messages.length;
    } else if (batch.queue === "bench-retry") {
      for (const message of batch.messages) message.retry();
    } else {
      for (const message of batch.messages) arrivals.get(message.body.key)();
    }
  },
};
