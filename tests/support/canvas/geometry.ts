/** Points, boxes and lines on a canvas; y grows downwards. */

export type Point = readonly [x: number, y: number];

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A line that is drawn through these points. */
export type Path = readonly Point[];

export const boxAt = ([left, top]: Point, [width, height]: Point): Box => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});

export const overlap = (one: Box, other: Box): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

export const isInside = (inner: Box, outer: Box): boolean =>
  inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;

/** The smallest box around all of them. */
export const around = (boxes: readonly Box[]): Box => ({
  left: Math.min(...boxes.map(({ left }) => left)),
  top: Math.min(...boxes.map(({ top }) => top)),
  right: Math.max(...boxes.map(({ right }) => right)),
  bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
});

const contains = ({ left, top, right, bottom }: Box, [x, y]: Point): boolean =>
  x > left && x < right && y > top && y < bottom;

/** Whether a line has a point in a box. Its points are looked at every four pixels. */
export const passesThrough = (path: Path, box: Box): boolean =>
  pairs(path).some(([from, to]) => {
    const steps = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / 4));
    return Array.from({ length: steps + 1 }, (_, step) => between(from, to, step / steps)).some((point) =>
      contains(box, point),
    );
  });

/** Whether two lines cross. Lines that only touch, or run along each other, do not. */
export const cross = (one: Path, other: Path): boolean =>
  pairs(one).some(([from, to]) =>
    pairs(other).some(
      ([start, end]) =>
        side(from, to, start) * side(from, to, end) < 0 && side(start, end, from) * side(start, end, to) < 0,
    ),
  );

const pairs = (path: Path): [Point, Point][] =>
  path.slice(1).map((to, index): [Point, Point] => [path[index] ?? to, to]);

export const between = ([x, y]: Point, [toX, toY]: Point, share: number): Point => [
  x + (toX - x) * share,
  y + (toY - y) * share,
];

/** On which side of the line from one point to another a third is: the sign. */
const side = ([x, y]: Point, [toX, toY]: Point, [ofX, ofY]: Point): number =>
  Math.sign((toX - x) * (ofY - y) - (toY - y) * (ofX - x));
