/** The harness itself: a message of several lines, and a decorator's. */

interface Song {
  id: string;
  title: string;
}

declare function get(
  path: string,
): (
  handler: (input: { id: string }) => unknown,
  context: ClassMethodDecoratorContext,
) => void;

// ✗ Property 'title' is missing
export const song: Song = {
  id: "1",
};

export class Songs {
  // ✗ Property 'song' is missing in type '{ id: string; }'
  @get("/songs/:id")
  show({ song }: { song: string }): string {
    return song;
  }

  @get("/songs/:id")
  right({ id }: { id: string }): string {
    return id;
  }
}
