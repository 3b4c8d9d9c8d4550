/**
 * llhttp, the parser of Node and undici, as the WebAssembly that undici carries.
 *
 * Its callbacks are set when the module is made and are given offsets into its
 * memory. Who reads with it puts octets at `room` and calls `llhttp_execute`.
 *
 * @module
 */

/** What is used of llhttp's exports. */
export interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(size: number): number;
  free(at: number): void;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_execute(parser: number, at: number, length: number): number;
  llhttp_finish(parser: number): number;
  llhttp_get_error_pos(parser: number): number;
  llhttp_get_error_reason(parser: number): number;
  llhttp_errno_name(errno: number): number;
  llhttp_get_http_major(parser: number): number;
  llhttp_get_http_minor(parser: number): number;
  llhttp_get_method(parser: number): number;
  llhttp_method_name(method: number): number;
}

/** Is told of a span, as an offset and a size; 0 goes on. */
type OnSpan = (parser: number, at: number, size: number) => number;

/** What a reader is told of. */
export interface Callbacks {
  wasm_on_message_begin(parser: number): number;
  wasm_on_url: OnSpan;
  wasm_on_status: OnSpan;
  wasm_on_header_field: OnSpan;
  wasm_on_header_value: OnSpan;
  wasm_on_headers_complete(
    parser: number,
    status: number,
    upgrade: number,
    keepAlive: number,
  ): number;
  wasm_on_body: OnSpan;
  wasm_on_message_complete(parser: number): number;
}

/** Where its two builds are; npm is asked when one of them is needed. */
export const LLHTTP = {
  simd: "npm:undici@8.13.1/lib/llhttp/llhttp_simd-wasm.js",
  scalar: "npm:undici@8.13.1/lib/llhttp/llhttp-wasm.js",
} as const;

/** The kind of parser that reads requests. */
export const REQUEST = 1;

/** A module that tells `callbacks`. */
export async function instantiate(
  specifier: string,
  callbacks: Callbacks,
): Promise<Exports> {
  const { default: code } = await import(specifier);
  const { exports } = await WebAssembly.instantiate(
    await WebAssembly.compile(code),
    { env: { ...callbacks } },
  );
  return exports as unknown as Exports;
}

/** The octets of a C string, a character each. */
export function textAt({ memory }: Exports, at: number): string {
  const bytes = new Uint8Array(memory.buffer);
  let text = "";
  for (let i = at; at > 0 && bytes[i] !== 0; i++) {
    text += String.fromCharCode(bytes[i]!);
  }
  return text;
}
