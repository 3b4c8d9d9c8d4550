/**
 * Runs tasks of `deno.json` side by side and says of each whether it held.
 *
 * A gate that holds is one line; one that fails shows all it said. Every gate
 * runs to its end, so one look tells everything there is to mend.
 *
 * ```sh
 * deno run --allow-run tools/gates.ts check:fmt check:lint
 * ```
 *
 * @module
 */

/** Whether `task` held. Its lines are printed in one go, when it is done. */
async function holds(task: string): Promise<boolean> {
  const start = performance.now();
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", task],
    stdin: "null",
  }).output();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${success ? "✓" : "✗"} ${task} (${seconds} s)`);
  if (!success) {
    await Deno.stdout.write(stdout);
    await Deno.stdout.write(stderr);
  }
  return success;
}

const results = await Promise.all(Deno.args.map(holds));
const failed = Deno.args.filter((_, index) => !results[index]);
if (failed.length > 0) {
  console.log(
    `\n${failed.length} of ${results.length} fail: ${failed.join(", ")}`,
  );
  Deno.exit(1);
}
