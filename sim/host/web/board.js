// The drawing around the panel: LEDs glow, buttons and joystick are pressed and let go.
import { on, send } from './link.js';

const leds = [...document.querySelectorAll('.led')], colours = ['green', 'orange', 'red', 'blue'];
on('status', status => leds.forEach((led, n) => {
  const lit = Boolean(status.leds[n]);
  if (led.classList.toggle('on', lit) !== (led.dataset.lit === 'true') || !led.dataset.lit)
    led.setAttribute('aria-label', `LD${n + 1}, ${colours[n]}, ${lit ? 'on' : 'off'}`);
  led.dataset.lit = lit;
}));

const isPress = key => key === ' ' || key === 'Enter';

// A key of the drawing: `act(true)` when it goes down, `act(false)` when it is let go.
export function key(element, act) {
  let down = false;
  const set = pressed => {
    if (pressed === down) return;
    down = pressed;
    element.classList.toggle('down', down);
    act(down);
  };
  element.addEventListener('pointerdown', event => {
    if (event.button > 0) return;
    element.setPointerCapture(event.pointerId);
    set(true);
  });
  for (const name of ['pointerup', 'pointercancel', 'blur']) element.addEventListener(name, () => set(false));
  element.addEventListener('keydown', event => { if (isPress(event.key)) { event.preventDefault(); set(true); } });
  element.addEventListener('keyup', event => { if (isPress(event.key)) set(false); });
}

for (const button of document.querySelectorAll('[data-button]')) {
  const name = button.dataset.button;
  key(button, name === 'RESET' ? down => { if (!down) send({ reset: true }); }
                               : down => send({ [down ? 'press' : 'release']: name }));
}

// On a phone the board is taller, with room for fingers (style.css).
const drawing = document.getElementById('drawing'), phone = matchMedia('(max-width: 640px)');
const measure = () => drawing.setAttribute('viewBox', `0 0 960 ${phone.matches ? 1180 : 836}`);
phone.addEventListener('change', measure);
measure();
