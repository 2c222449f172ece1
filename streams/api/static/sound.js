// A short bell of two partials; silent until somebody turned the sound on.

const PARTIALS = [
  [880, 0.2],
  [2217, 0.08],
];
const SECONDS = 1.2;
let context = null;

export function chime() {
  context ??= new AudioContext();
  const begin = context.currentTime;
  for (const [hertz, loudness] of PARTIALS) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(loudness, begin);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + SECONDS);
    tone.connect(volume).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + SECONDS);
  }
}
