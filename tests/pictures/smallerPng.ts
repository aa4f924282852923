import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE_BYTES = 8;
/** A pixel of a browser's screenshot: red, green and blue, of eight bits each. */
const CHANNELS = 3;
const COLOURS = 256;

/** The same picture with its 256 most frequent colours, which is a third of the bytes. The others become the nearest of these. */
export function smallerPng(png: Buffer): Buffer {
  const { header, data } = read(png);
  if (header[8] !== 8 || header[9] !== 2) throw new Error('not a picture of 24 bits for each pixel');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const pixels = unfiltered(inflateSync(data), width * CHANNELS, height);
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += CHANNELS) {
    const colour = pixels.readUIntBE(at, CHANNELS);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = [...counts]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, COLOURS)
    .map(([colour]) => colour);
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      lines[y * (width + 1) + 1 + x] = places.get(pixels.readUIntBE((y * width + x) * CHANNELS, CHANNELS)) ?? 0;
  const indexed = Buffer.from(header);
  indexed[9] = 3;
  const colours = Buffer.concat(
    palette.map((colour) => Buffer.from([colour >> 16, (colour >> 8) & 255, colour & 255])),
  );
  return Buffer.concat([
    png.subarray(0, SIGNATURE_BYTES),
    chunk('IHDR', indexed),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Each chunk is its length, its type, its data and a checksum of both (PNG, section 5.3). */
function read(png: Buffer): { header: Buffer; data: Buffer } {
  const chunks: Record<string, Buffer[]> = {};
  for (let at = SIGNATURE_BYTES; at < png.length; ) {
    const from = at + 8;
    const to = from + png.readUInt32BE(at);
    (chunks[png.toString('latin1', at + 4, from)] ??= []).push(png.subarray(from, to));
    at = to + 4;
  }
  const [header] = chunks.IHDR ?? [];
  if (header === undefined) throw new Error('not a PNG file');
  return { header, data: Buffer.concat(chunks.IDAT ?? []) };
}

function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, checksum]);
}

/** Undoes what each line was filtered by: its bytes are differences to those before and above (PNG, section 9). */
function unfiltered(lines: Buffer, bytes: number, height: number): Buffer {
  const pixels = Buffer.alloc(bytes * height);
  for (let y = 0; y < height; y += 1) {
    const filter = lines[y * (bytes + 1)];
    for (let x = 0; x < bytes; x += 1) {
      const at = y * bytes + x;
      const left = x < CHANNELS ? 0 : (pixels[at - CHANNELS] ?? 0);
      const up = y === 0 ? 0 : (pixels[at - bytes] ?? 0);
      const corner = x < CHANNELS || y === 0 ? 0 : (pixels[at - bytes - CHANNELS] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0;
      pixels[at] = (lines[y * (bytes + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return pixels;
}

function paeth(left: number, up: number, corner: number): number {
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

function nearest(palette: readonly number[], colour: number): number {
  const distance = (other: number) =>
    [16, 8, 0].reduce((sum, shift) => sum + (((other >> shift) & 255) - ((colour >> shift) & 255)) ** 2, 0);
  return palette.reduce((best, other, place) => (distance(other) < distance(palette[best] ?? 0) ? place : best), 0);
}
