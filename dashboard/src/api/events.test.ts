// How a stream is cut into events, wherever its packets end.
import { expect, test, vi } from "vitest";

vi.mock("./session", () => ({ authorized: () => Promise.reject(new Error("not asked here")) }));
const { eventsOf } = await import("./events");

const streamOf = (...packets: string[]) =>
  new ReadableStream<Uint8Array>({
    start(to) {
      for (const packet of packets) to.enqueue(new TextEncoder().encode(packet));
      to.close();
    },
  });

test("an event is its name and its lines, however the packets are cut", async () => {
  const found = [];
  for await (const event of eventsOf(streamOf("event: prog", 'ress\ndata: {"a":', "1}\n\n: still here\n\nevent: end\r\ndata: one\r\ndata: two\r\n", "\r\n"))) found.push(event);
  expect(found).toEqual([
    { name: "progress", text: '{"a":1}' },
    { name: "end", text: "one\ntwo" },
  ]);
});

test("an event that was cut off is none", async () => {
  const found = [];
  for await (const event of eventsOf(streamOf("data: whole\n\ndata: ha"))) found.push(event);
  expect(found).toEqual([{ name: "message", text: "whole" }]);
});
