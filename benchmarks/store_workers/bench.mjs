// The workload, for Workers in JavaScript.

const VALUE = "v".repeat(1024);
const FILE = "f".repeat(10_240);
const TABLE = "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, k TEXT, v TEXT)";

const WORK = {
  async "kv-put"(env, n) {
    for (let i = 0; i < n; i++) await env.KV.put(`k${i}`, VALUE);
    return n;
  },
  async "kv-get"(env, n) {
    let found = 0;
    for (let i = 0; i < n; i++) found += (await env.KV.get(`k${i}`)) === VALUE;
    return found;
  },
  async "d1-insert"(env, n) {
    await env.DB.prepare(TABLE).run();
    await env.DB.prepare("DELETE FROM t").run();
    const insert = env.DB.prepare("INSERT INTO t (id, k, v) VALUES (?, ?, ?)");
    for (let i = 0; i < n; i++) await insert.bind(i, `k${i}`, VALUE).run();
    return n;
  },
  async "d1-select"(env, n) {
    let found = 0;
    const select = env.DB.prepare("SELECT k FROM t WHERE id = ?");
    for (let i = 0; i < n; i++) found += (await select.bind(i).first("k")) === `k${i}`;
    return found;
  },
  async "r2-put"(env, n) {
    for (let i = 0; i < n; i++) await env.FILES.put(`k${i}`, FILE);
    return n;
  },
  async "r2-get"(env, n) {
    let found = 0;
    for (let i = 0; i < n; i++) {
      const file = await env.FILES.get(`k${i}`);
      found += (await file.text()).length === FILE.length;
    }
    return found;
  },
};

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const work = WORK[url.pathname.slice(1)];
    const n = Number(url.searchParams.get("n") ?? 0);
    return Response.json({ done: work ? await work(env, n) : 0 });
  },
};
