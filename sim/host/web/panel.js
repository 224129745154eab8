// The panel: the board's pictures, and fingers on it: the mouse, two of a hand, or the keyboard's.
import { on, send } from './link.js';

const WIDTH = 800, HEIGHT = 480, FINGERS = 2;
const panel = document.getElementById('panel'), paint = panel.getContext('2d'), mark = document.getElementById('finger');

// One picture at a time: while one is decoded, only the newest waits.
let decoding = false, waiting = null;
export const shown = { pictures: 0 };
async function show(blob) {
  duet.pictures++;
  if (decoding) { waiting = blob; return; }
  decoding = true;
  try {
    const picture = await createImageBitmap(blob);
    paint.drawImage(picture, 0, 0);
    picture.close();
    shown.pictures++;
  } finally {
    decoding = false;
  }
  if (waiting) { const next = waiting; waiting = null; show(next); }
}
on('picture', show);

const within = (value, limit) => Math.max(0, Math.min(limit - 1, Math.floor(value)));
function place(event) {
  const box = panel.getBoundingClientRect();
  return [within((event.clientX - box.left) / box.width * WIDTH, WIDTH),
          within((event.clientY - box.top) / box.height * HEIGHT, HEIGHT)];
}

// Moves are sent once a picture of the browser: where a finger is then counts.
const fingers = new Map(), moved = new Map(); // by the pointer's number
function sendMoves() {
  for (const [finger, to] of moved) send({ touch: to, finger });
  moved.clear();
}
panel.addEventListener('pointerdown', event => {
  const used = [...fingers.values()], finger = [0, 1].find(n => !used.includes(n));
  if (fingers.size === FINGERS || event.button > 0) return;
  fingers.set(event.pointerId, finger);
  panel.setPointerCapture(event.pointerId);
  mark.hidden = true;
  send({ touch: place(event), finger });
});
panel.addEventListener('pointermove', event => {
  if (!fingers.has(event.pointerId)) return;
  if (!moved.size) requestAnimationFrame(sendMoves);
  moved.set(fingers.get(event.pointerId), place(event));
});
function lift(event) {
  if (!fingers.has(event.pointerId)) return;
  const finger = fingers.get(event.pointerId);
  fingers.delete(event.pointerId);
  sendMoves();
  send({ lift: finger });
}
panel.addEventListener('pointerup', lift);
panel.addEventListener('pointercancel', lift);
panel.addEventListener('contextmenu', event => event.preventDefault());

// By the keyboard: arrows move a finger above the panel, with Shift by single points; Space or Enter puts it down.
const at = [WIDTH / 2, HEIGHT / 2], arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
let down = false;
function showMark() {
  mark.hidden = false;
  mark.classList.toggle('down', down);
  mark.style.left = `calc(${80 + at[0]} / 960 * 100%)`;
  mark.style.top = `calc((162 + ${at[1]}) / var(--tall) * 100%)`;
}
panel.addEventListener('keydown', event => {
  const arrow = arrows[event.key], step = event.shiftKey ? 1 : 16;
  if (arrow) {
    at[0] = within(at[0] + arrow[0] * step, WIDTH);
    at[1] = within(at[1] + arrow[1] * step, HEIGHT);
  } else if (event.key !== ' ' && event.key !== 'Enter') return;
  event.preventDefault();
  const first = !arrow && !down;
  down ||= first;
  showMark();
  if (first || (arrow && down)) send({ touch: at, finger: 0 });
});
function letGo() {
  if (down) send({ lift: 0 });
  down = false;
  mark.classList.remove('down');
}
panel.addEventListener('keyup', event => { if (event.key === ' ' || event.key === 'Enter') letGo(); });
panel.addEventListener('blur', () => { letGo(); mark.hidden = true; });
panel.addEventListener('focus', () => { if (panel.matches(':focus-visible')) showMark(); });
