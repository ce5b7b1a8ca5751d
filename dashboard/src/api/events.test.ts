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

test("events are whole however the stream is cut", async () => {
  const text = ': hello\n\nevent: click\ndata: {"a":1}\n\n: still here\n\nevent: lagged\r\ndata: \r\n\r\nevent: click\ndata: {"a":\ndata: 2}\n\n';
  for (let size = 1; size <= text.length; size++) {
    const packets = Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size));
    const found = [];
    for await (const event of eventsOf(streamOf(...packets))) found.push(event);
    expect(found, `packets of ${size}`).toEqual([
      { name: "click", text: '{"a":1}' },
      { name: "lagged", text: "" },
      { name: "click", text: '{"a":\n2}' },
    ]);
  }
});

test("an event that was cut off is none", async () => {
  const found = [];
  for await (const event of eventsOf(streamOf("data: whole\n\ndata: ha"))) found.push(event);
  expect(found).toEqual([{ name: "message", text: "whole" }]);
});
