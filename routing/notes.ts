/**
 * What decorators write down about a class, and how it is read again.
 *
 * A decorator takes a note and does nothing else: on the class's own metadata,
 * so that a subclass never adds to its parent. Notes become routes when an
 * instance is mounted.
 *
 * ```text
 *   class Base  { @get("/a") a() {}   @get("/b") b() {} }
 *   class Songs extends Base { @get("/z") b() {}   c() {} }
 *
 *   notes of new Songs():  Base.a "/a", Songs.b "/z"     calls Songs's b
 *   notes of new Base():   Base.a "/a", Base.b "/b"
 * ```
 *
 * The surprises: `context.metadata` is not inherited unless the subclass has a
 * class decorator, so the chain of constructors is walked and only what is
 * theirs is read. And `context.access.get` finds the method that was decorated,
 * not the one that overrides it, so public methods are looked up by name and
 * private ones, which nothing overrides, through it.
 *
 * @module
 */

/** What the notes on a class are kept under. */
const NOTES = Symbol("@no8/wire notes");
/** The same for the one note that a class decorator takes. */
const CLASS_NOTE = Symbol("@no8/wire class");

/** What a decorator is told of what it decorates; less of it is used than there is. */
export interface Target {
  readonly kind: string;
  readonly name?: string | symbol | undefined;
  readonly static?: boolean;
  readonly private?: boolean;
  readonly access?: unknown;
  readonly metadata?: DecoratorMetadata;
}

/** A note on a method. */
export interface Note<What> {
  readonly what: What;
  readonly target: Target;
}

/** A note with the class that took it and the method to call. */
export interface BoundNote<What> {
  readonly what: What;
  /** `Songs.show`, for people. */
  readonly name: string;
  // deno-lint-ignore no-explicit-any
  readonly call: (...args: any[]) => unknown;
}

/**
 * Checks that a decorator stands where it can.
 *
 * @throws {TypeError} when it is on something else, or is no standard decorator
 */
export function checkTarget(
  decorator: string,
  context: unknown,
  kind: "method" | "class",
): asserts context is Target & { metadata: DecoratorMetadata } {
  if (typeof context !== "object" || context === null || !("kind" in context)) {
    throw new TypeError(
      `Cannot decorate with ${decorator}: it is a standard decorator; take ` +
        `the option "experimentalDecorators" out of the compiler options`,
    );
  }
  if (context.kind !== kind) {
    const name = "name" in context ? ` "${String(context.name)}"` : "";
    throw new TypeError(
      `Cannot decorate the ${context.kind}${name} with ${decorator}: it is for ${
        kind === "class" ? "classes" : "methods"
      }`,
    );
  }
  if (!("metadata" in context) || !context.metadata) {
    throw new TypeError(
      `Cannot decorate with ${decorator}: there is no Symbol.metadata here`,
    );
  }
}

/** Takes a note on a method. Decorators run from the lowest up, and are read down. */
export function addNote<What>(
  target: Target & { metadata: DecoratorMetadata },
  what: What,
): void {
  const { metadata } = target;
  const notes = [...ownNotes(metadata)];
  const at = notes.findIndex((note) => isSame(note.target, target));
  notes.splice(at === -1 ? notes.length : at, 0, { what, target });
  metadata[NOTES] = notes;
}

function isSame(a: Target, b: Target): boolean {
  return a.name === b.name && a.static === b.static && a.private === b.private;
}

/** Takes the note on a class. */
export function setClassNote(
  target: Target & { metadata: DecoratorMetadata },
  what: unknown,
): void {
  target.metadata[CLASS_NOTE] = what;
}

/** The notes that were taken on the methods of one class alone. */
export function ownNotes<What>(
  metadata: DecoratorMetadata | null | undefined,
): readonly Note<What>[] {
  if (!metadata || !Object.hasOwn(metadata, NOTES)) return [];
  return metadata[NOTES] as Note<What>[];
}

/** The note on the class of `instance`, or on the nearest that it extends. */
export function classNote<What>(instance: object): What | undefined {
  for (const type of lineage(instance)) {
    const note = ownClassNote<What>(metadataOf(type));
    if (note !== undefined) return note;
  }
  return undefined;
}

/** The note that was taken on one class alone. */
export function ownClassNote<What>(
  metadata: DecoratorMetadata | undefined,
): What | undefined {
  return metadata && Object.hasOwn(metadata, CLASS_NOTE)
    ? metadata[CLASS_NOTE] as What
    : undefined;
}

/**
 * The notes on the class of `instance` and those that it extends, theirs first.
 * Those on a name that a subclass decorates again are left out.
 *
 * @throws {TypeError} when a decorated method was overridden by something else
 */
export function notesOf<What>(instance: object): readonly BoundNote<What>[] {
  const found: BoundNote<What>[][] = [];
  const decorated = { instance: new Set(), static: new Set() };
  for (const type of lineage(instance)) {
    const notes = ownNotes<What>(metadataOf(type));
    found.unshift(
      notes.filter(({ target }) =>
        target.private || !decorated[sideOf(target)].has(target.name)
      ).map((note) => bound(note, type, instance)),
    );
    for (const { target } of notes) {
      if (!target.private) decorated[sideOf(target)].add(target.name);
    }
  }
  return found.flat();
}

/** The class of an instance and all that it extends. */
function* lineage(instance: object): Iterable<object> {
  let type: unknown = classOf(instance);
  while (typeof type === "function" && type !== Function.prototype) {
    yield type;
    type = Object.getPrototypeOf(type);
  }
}

/** An instance may have a property of that name of its own. */
function classOf(instance: object): object | undefined {
  return Object.getPrototypeOf(instance)?.constructor;
}

function metadataOf(type: object): DecoratorMetadata | undefined {
  if (!Object.hasOwn(type, Symbol.metadata)) return undefined;
  return (type as { [Symbol.metadata]?: DecoratorMetadata })[Symbol.metadata];
}

/** A static method may have the name of one that is not. */
function sideOf(target: Target): "static" | "instance" {
  return target.static ? "static" : "instance";
}

function bound<What>(
  { what, target }: Note<What>,
  type: object,
  instance: object,
): BoundNote<What> {
  const self = !target.static
    ? instance
    : target.private
    ? type
    : classOf(instance)!;
  const method = methodOf(target, self);
  const name = `${(type as { name?: string }).name || "class"}.${
    String(target.name)
  }`;
  if (typeof method !== "function") {
    throw new TypeError(`Cannot mount ${name}: it is no method any more`);
  }
  return { what, name, call: method.bind(self) };
}

function methodOf(target: Target, self: object): unknown {
  if (!target.private) return Reflect.get(self, target.name as PropertyKey);
  return (target.access as { get(self: object): unknown }).get(self);
}
