/**
 * Sound for tests, so that none has to be kept: a tone as a WAV file.
 *
 * @module
 */

const RATE = 8_000;

/** So many seconds of a tone: one channel of 16 bits, uncompressed. */
export function tone(seconds: number, hertz = 440): Uint8Array<ArrayBuffer> {
  const samples = seconds * RATE;
  const view = new DataView(new ArrayBuffer(44 + samples * 2));
  const text = (at: number, letters: string) =>
    [...letters].forEach((letter, i) =>
      view.setUint8(at + i, letter.charCodeAt(0))
    );
  text(0, "RIFF");
  view.setUint32(4, 36 + samples * 2, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true); // bytes of this chunk
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true); // bytes a second
  view.setUint16(32, 2, true); // bytes a sample
  view.setUint16(34, 16, true); // bits a sample
  text(36, "data");
  view.setUint32(40, samples * 2, true);
  for (let i = 0; i < samples; i++) {
    const value = Math.sin(2 * Math.PI * hertz * i / RATE) * 8_000;
    view.setInt16(44 + i * 2, value, true);
  }
  return new Uint8Array(view.buffer);
}
