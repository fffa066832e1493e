/** A server that only parses the JSON of an event and answers: what HTTP alone costs. */

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    const event: unknown = await request.json();
    const hasId = typeof event === "object" && event !== null && "event_id" in event;
    return Response.json({ ids: hasId ? [event.event_id] : [] }, { status: 202 });
  },
});
process.stdout.write(`${server.port}\n`);
