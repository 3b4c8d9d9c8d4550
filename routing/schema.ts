/**
 * Standard Schema (https://standardschema.dev), version 1: the one property by
 * which Zod, Valibot, ArkType and others can be asked, and how a route asks.
 *
 * @module
 */

import { HttpError } from "../errors.ts";
import { MULTIPART, URLENCODED } from "../wire/form_type.ts";
import { parseMediaType } from "../wire/media_type.ts";

/** One thing that is wrong with a value. */
export interface SchemaIssue {
  /** A sentence for whoever sent the value. */
  readonly message: string;
  /** The way to it, from the outside in. */
  readonly path?:
    | readonly (PropertyKey | { readonly key: PropertyKey })[]
    | undefined;
}

/** What a schema says of a value: what it became, or what is wrong with it. */
export type SchemaResult<Out> =
  | { readonly value: Out; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/**
 * A schema of any library that implements Standard Schema: it takes an `In`
 * and makes an `Out` of it.
 */
export interface StandardSchema<In = unknown, Out = In> {
  /** The one property that the standard asks for. */
  readonly "~standard": {
    /** The version of the standard. */
    readonly version: 1;
    /** The library that the schema is from. */
    readonly vendor: string;
    /** Checks a value, at once or later. */
    readonly validate: (
      value: unknown,
    ) => SchemaResult<Out> | Promise<SchemaResult<Out>>;
    /** For the compiler alone. */
    readonly types?:
      | { readonly input: In; readonly output: Out }
      | undefined;
  };
}

/** Any schema at all. */
// deno-lint-ignore no-explicit-any
export type AnySchema = StandardSchema<any, any>;

/** What a schema takes. */
export type SchemaInput<Schema> = Schema extends
  StandardSchema<infer In, infer _> ? In
  : never;

/** What a schema makes of it: as it says, or else as its `validate` returns it. */
export type SchemaOutput<Schema> = Schema extends
  { readonly "~standard": { readonly types: { readonly output: infer Out } } }
  ? Out
  : Schema extends
    { readonly "~standard": { validate(value: unknown): infer Result } }
    ? Extract<Awaited<Result>, { readonly issues?: undefined }> extends
      { readonly value: infer Out } ? Out
    : never
  : never;

/**
 * What a schema makes of a value that a client sent.
 *
 * @throws {HttpError} with `status` and the issues as `details`, when it does
 *   not fit; rejects with it where the schema takes its time
 */
export function readWith<Out>(
  schema: StandardSchema<unknown, Out>,
  value: unknown,
  status: number,
  what: string,
): Out | Promise<Out> {
  return settle(
    schema,
    value,
    (issues) =>
      new HttpError(status, `The ${what} does not fit its schema`, {
        details: { issues: issues.map(plainIssue) },
      }),
  );
}

/**
 * What a schema makes of a value of our own side.
 *
 * @throws {TypeError} that names the first issue, when it does not fit
 */
export function checkWith<Out>(
  schema: StandardSchema<unknown, Out>,
  value: unknown,
): Out | Promise<Out> {
  return settle(schema, value, ([first]) => {
    const { message, path } = plainIssue(first ?? { message: "unknown" });
    const where = path.length > 0 ? ` at ${path.join(".")}` : "";
    return new TypeError(
      `Cannot answer: the result does not fit "returns"${where}: ${message}`,
    );
  });
}

function settle<Out>(
  schema: StandardSchema<unknown, Out>,
  value: unknown,
  refuse: (issues: readonly SchemaIssue[]) => Error,
): Out | Promise<Out> {
  const open = (result: SchemaResult<Out>): Out => {
    if (result.issues) throw refuse(result.issues);
    return result.value;
  };
  const result = schema["~standard"].validate(value);
  return "then" in result ? result.then(open) : open(result);
}

/** JSON has no symbols, and some libraries wrap their keys. */
function plainIssue(
  { message, path = [] }: SchemaIssue,
): { message: string; path: (string | number)[] } {
  const keys = path.map((part) => typeof part === "object" ? part.key : part);
  return {
    message,
    path: keys.map((key) => typeof key === "symbol" ? String(key) : key),
  };
}

/**
 * The pairs of a query or a form as a record: a name that is there more often
 * has an array. Without a prototype, as the names are a client's.
 */
export function recordOf<Value>(
  pairs: Iterable<readonly [name: string, value: Value]>,
): Record<string, Value | Value[]> {
  const record: Record<string, Value | Value[]> = Object.create(null);
  for (const [name, value] of pairs) {
    const before = record[name];
    if (before === undefined) record[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else record[name] = [before, value];
  }
  return record;
}

/** What reads the content of a request; a context is one. */
export interface ContentReader {
  readonly content: { readonly length: number | undefined };
  readonly query: Iterable<[string, string]>;
  header(name: string): string | undefined;
  json(): Promise<unknown>;
  form(): Promise<Iterable<[string, string]>>;
  formData(): Promise<Iterable<[string, FormDataEntryValue]>>;
}

/** A handler, as far as schemas are about it. */
type Call<C> = (input: object, c: C) => unknown;

/** A handler with the query that its schema reads: 400 where it does not fit. */
export function withQuery<C extends ContentReader>(
  call: Call<C>,
  schema: AnySchema,
): Call<C> {
  return (input, c) =>
    then(
      readWith(schema, recordOf(c.query), 400, "query"),
      (query) => call({ ...input, query }, c),
    );
}

/** A handler with the content that its schema reads: 422 where it does not fit. */
export function withBody<C extends ContentReader>(
  call: Call<C>,
  schema: AnySchema,
): Call<C> {
  return (input, c) =>
    readContent(c).then((sent) => readWith(schema, sent, 422, "content"))
      .then((body) => call({ ...input, body }, c));
}

/** A handler whose data are held to a schema; what is `complete` passes as it is. */
export function withReturns<C>(
  call: Call<C>,
  schema: AnySchema,
  complete: (result: unknown) => boolean,
): Call<C> {
  const check = (result: unknown) =>
    complete(result) ? result : checkWith(schema, result);
  return (input, c) => then(call(input, c), check);
}

/** Whether something is waited for by `await`. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null &&
    typeof (value as { then?: unknown }).then === "function";
}

/** Goes on with a value, at once or when it is there. */
export function then<Result>(
  value: unknown,
  go: (value: unknown) => Result,
): Result | Promise<Result> {
  return isThenable(value) ? Promise.resolve(value).then(go) : go(value);
}

/** The content as its media type says; nothing where there is none. */
function readContent(c: ContentReader): Promise<unknown> {
  const field = c.header("content-type");
  if (field === undefined && c.content.length === 0) {
    return Promise.resolve(undefined);
  }
  const type = parseMediaType(field ?? "")?.type;
  if (type === "application/json" || type?.endsWith("+json")) return c.json();
  if (type === URLENCODED) return c.form().then(recordOf);
  if (type === MULTIPART) return c.formData().then(recordOf);
  const refusal = new HttpError(
    415,
    "The content is neither JSON nor a form by its Content-Type",
    { headers: { accept: `application/json, ${URLENCODED}, ${MULTIPART}` } },
  );
  return Promise.reject(refusal);
}
