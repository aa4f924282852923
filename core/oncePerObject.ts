/**
 * A function that remembers its answer for each object, for as long as the object lives. For objects that are replaced, never
 * changed: a watch replaces an object of the API server, and n8n hands an item's values from node to node.
 */
export function oncePerObject<Key extends object, Answer extends object | boolean>(
  answer: (object: Key) => Answer,
): (object: Key) => Answer {
  const answers = new WeakMap<Key, Answer>();
  return (object) => {
    const known = answers.get(object) ?? answer(object);
    answers.set(object, known);
    return known;
  };
}
