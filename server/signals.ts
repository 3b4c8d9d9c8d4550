/**
 * The signals that end a process.
 *
 * @module
 */

/**
 * The first signal drains. A second one does not wait, also when we are done and
 * something else keeps the process: so it is heeded until the process ends.
 */
export function onSignals(stop: () => void): () => void {
  let times = 0;
  const onSignal = () => {
    if (++times > 1) Deno.exit(0);
    stop();
  };
  // Windows has no SIGTERM to listen to.
  const names: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM"];
  for (const name of names) Deno.addSignalListener(name, onSignal);
  return () => {
    if (times > 0) return;
    for (const name of names) Deno.removeSignalListener(name, onSignal);
  };
}
