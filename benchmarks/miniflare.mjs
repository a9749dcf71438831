// Serves a Worker on bare miniflare: node miniflare.mjs <configuration> <port>
// The module `miniflare` is looked for where NODE_MODULES says.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const {
  Miniflare,
  // Miniflare 5 takes the options of Miniflare 4 only by way of this function.
  convertV4MiniflareOptions = (options) => options,
} = createRequire(join(process.env.NODE_MODULES, "x"))("miniflare");
const [path, port] = process.argv.slice(2);
const config = JSON.parse(readFileSync(path));
const { producers = [], consumers = [] } = config.queues ?? {};
const { bindings = [] } = config.durable_objects ?? {};
const sqlite = new Set((config.migrations ?? []).flatMap((each) => each.new_sqlite_classes ?? []));
const options = {
  name: config.name,
  modules: true,
  scriptPath: config.main,
  port: Number(port),
  cf: false,
  compatibilityDate: config.compatibility_date,
  durableObjects: Object.fromEntries(
    bindings.map((each) => [
      each.name,
      { className: each.class_name, useSQLite: sqlite.has(each.class_name) },
    ]),
  ),
  durableObjectsPersist: join(process.cwd(), "objects"),
  kvNamespaces: Object.fromEntries(
    (config.kv_namespaces ?? []).map((each) => [each.binding, each.id]),
  ),
  kvPersist: join(process.cwd(), "kv"),
  d1Databases: Object.fromEntries(
    (config.d1_databases ?? []).map((each) => [each.binding, each.database_id]),
  ),
  d1Persist: join(process.cwd(), "d1"),
  r2Buckets: Object.fromEntries(
    (config.r2_buckets ?? []).map((each) => [each.binding, each.bucket_name]),
  ),
  r2Persist: join(process.cwd(), "r2"),
  queueProducers: Object.fromEntries(producers.map((each) => [each.binding, each.queue])),
  queueConsumers: Object.fromEntries(
    consumers.map((each) => [
      each.queue,
      {
        maxBatchSize: each.max_batch_size,
        maxBatchTimeout: each.max_batch_timeout,
        maxRetries: each.max_retries ?? 3,
        deadLetterQueue: each.dead_letter_queue,
      },
    ]),
  ),
};
const server = new Miniflare(convertV4MiniflareOptions(options));
await server.ready;
process.on("SIGTERM", () => server.dispose().then(() => process.exit(0)));
