/** Forgets a map's oldest entries until it has at most so many. A Map keeps the order of insertion. */
export function forgetOldest<Key>(map: Map<Key, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
