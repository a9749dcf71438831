// What the tests test, for the Vitest integration.

import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
  async add() {
    const total = ((await this.ctx.storage.get("total")) ?? 0) + 1;
    await this.ctx.storage.put("total", total);
    return total;
  }
}

export default {
  async queue(batch, env) {
    for (const message of batch.messages) {
      await env.KV.put("seen", String(message.body));
      message.ack();
    }
  },
};
