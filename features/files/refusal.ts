/**
 * What an error of the file system is to a client.
 *
 * | the system says                      | the client is told | and the log   |
 * | ------------------------------------ | ------------------ | ------------- |
 * | not there, too long, in a circle     | 404                | nothing       |
 * | there, and not for us to read        | 403                | nothing       |
 * | no descriptor left                   | 503                | the error     |
 * | the program may not read files at all | 500               | what it needs |
 * | anything else                        | 500                | the error     |
 *
 * No path is ever in what a client is told.
 *
 * @module
 */

import { HttpError } from "../../errors.ts";

const STATUSES: ReadonlyMap<string, 403 | 404 | 503> = new Map([
  ["ENOENT", 404],
  ["ENOTDIR", 404],
  ["EISDIR", 404],
  ["ENAMETOOLONG", 404],
  ["ELOOP", 404],
  ["EINVAL", 404], // what is no name on this system
  ["EACCES", 403],
  ["EPERM", 403],
  ["EMFILE", 503],
  ["ENFILE", 503],
]);

const SAYS = {
  403: "The file is not for everybody to read",
  404: "There is nothing here",
  503: "Too many files are open",
} as const;

/** What answers where there is no file. */
export function notFound(cause?: unknown): HttpError {
  return new HttpError(404, SAYS[404], { cause });
}

/** An error of the file system as what is thrown of it. */
export function refusalOf(error: unknown): unknown {
  if (error instanceof Deno.errors.NotCapable) {
    const says = "Cannot read the files to be served: the program needs " +
      `--allow-read for them (${error.message})`;
    return new Error(says, { cause: error });
  }
  const code = error instanceof Error && "code" in error ? error.code : "";
  const status = STATUSES.get(String(code));
  return status === undefined
    ? error
    : new HttpError(status, SAYS[status], { cause: error });
}

/** What `read` gives; an error of the file system is thrown as a refusal. */
export function refusing<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw refusalOf(error);
  }
}
