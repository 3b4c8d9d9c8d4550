/**
 * Work in looks at octets instead of milliseconds, so that a slow machine does
 * not fail and a quadratic loop does.
 *
 * @module
 */

/**
 * The same bytes, and how often one of them was looked at. Native searches count
 * as what they pass over; words read through a `DataView` are not counted.
 */
export function watched(
  bytes: Uint8Array,
): [seen: Uint8Array, looks: () => number] {
  let looks = 0;
  const seen = new Proxy(bytes, {
    get(target, key) {
      if (typeof key === "string" && key.charCodeAt(0) <= 0x39) {
        looks++;
        return target[Number(key)];
      }
      const value = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => {
        const found: unknown = Reflect.apply(value, target, given);
        if (key === "indexOf") {
          const end = found === -1 ? target.length : Number(found);
          looks += end - Number(given[1] ?? 0);
        }
        return found;
      };
    },
  });
  return [seen, () => looks];
}
