// The workload, for Workers in JavaScript.

import { DurableObject } from "cloudflare:workers";

const counts = { done: 0, alarms: 0 };

export class Store extends DurableObject {
  async put(n) {
    for (let i = 0; i < n; i++) await this.ctx.storage.put(`k${i}`, { i, v: `value-${i}` });
    return n;
  }

  async get(n) {
    let found = 0;
    for (let i = 0; i < n; i++) found += (await this.ctx.storage.get(`k${i}`)).i === i;
    return found;
  }

  async insert(n) {
    const sql = this.ctx.storage.sql;
    sql.exec("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, k TEXT, v TEXT)");
    sql.exec("DELETE FROM t");
    for (let i = 0; i < n; i++) {
      sql.exec("INSERT INTO t (id, k, v) VALUES (?, ?, ?)", i, `k${i}`, `value-${i}`);
    }
    return n;
  }

  async select(n) {
    let found = 0;
    for (let i = 0; i < n; i++) {
      const row = this.ctx.storage.sql.exec("SELECT v FROM t WHERE id = ?", i).one();
      found += row.v === `value-${i}`;
    }
    return found;
  }
}

export class Counter extends DurableObject {
  count = 0;

  async increase() {
    return ++this.count;
  }

  async fetch() {
    return new Response(String(await this.increase()));
  }
}

export class Clock extends DurableObject {
  async arm(when) {
    await this.ctx.storage.setAlarm(when);
    return 1;
  }

  async alarm() {
    counts.alarms++;
  }
}

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const work = url.pathname.slice(1);
    const n = Number(url.searchParams.get("n") ?? 0);
    const run = url.searchParams.get("run");
    const named = (namespace, name) => namespace.get(namespace.idFromName(name));
    if (["put", "get", "insert", "select"].includes(work)) {
      counts.done = await named(env.STORE, "store")[work](n);
    } else if (work === "rpc") {
      const stub = named(env.COUNTER, `rpc-${run}`);
      for (let i = 0; i < n; i++) counts.done = await stub.increase();
    } else if (work === "fetch") {
      const stub = named(env.COUNTER, `fetch-${run}`);
      for (let i = 0; i < n; i++) {
        counts.done = Number(await (await stub.fetch("http://object/")).text());
      }
    } else if (work === "objects") {
      counts.done = 0;
      for (let i = 0; i < n; i++) {
        counts.done += await named(env.COUNTER, `${run}-${i}`).increase();
      }
    } else if (work === "alarms") {
      counts.done = 0;
      const now = Date.now();
      for (let i = 0; i < n; i++) counts.done += await named(env.CLOCK, `${run}-${i}`).arm(now);
    }
    return Response.json(counts);
  },
};
