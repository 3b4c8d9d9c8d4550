/**
 * The smallest useful application: `deno run --allow-net jsr:@no8/wire/hello`.
 *
 * @module
 */

import { get, serve } from "jsr:@no8/wire@^0.1.0";

class Hello {
  @get("/")
  index(): string {
    return "Hello. Try /hello/Ada.";
  }

  @get("/hello/:name")
  greet({ name }: { name: string }): string {
    return `Hello, ${name}.`;
  }
}

serve(new Hello());
