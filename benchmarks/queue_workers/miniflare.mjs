// Serves a Worker on bare miniflare: node miniflare.mjs <module> <port> <queues as JSON>
// The module `miniflare` is looked for where NODE_MODULES says.

import { createRequire } from "node:module";
import { join } from "node:path";

const { Miniflare } = createRequire(join(process.env.NODE_MODULES, "x"))("miniflare");
const [module, port, queues] = process.argv.slice(2);
const { producers, consumers } = JSON.parse(queues);
const server = new Miniflare({
  modules: true,
  scriptPath: module,
  port: Number(port),
  cf: false,
  compatibilityDate: "2026-04-01",
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
});
await server.ready;
process.on("SIGTERM", () => server.dispose().then(() => process.exit(0)));
