// Board time: it is shown, held, and goes on, at once or by steps.
import { on, send } from './link.js';
import { shown } from './panel.js';

const $ = id => document.getElementById(id);
const FRAME = 33; // milliseconds of a picture of the camera at 30 a second
const icons = { pause: 'M4 3h3v10H4zM9 3h3v10H9z', go: 'M4 2.5v11l9-5.5z' };
let held = false, live = false;

function showLink() {
  $('link').textContent = !live ? 'the board stopped' : held ? 'paused' : 'live';
  $('link').className = !live ? '' : held ? 'held' : 'live';
}
function showHeld() {
  $('hold').classList.toggle('chosen', held);
  $('hold').querySelector('span').textContent = held ? 'Go on' : 'Pause';
  $('hold-icon').setAttribute('d', held ? icons.go : icons.pause);
  showLink();
}

$('hold').onclick = () => send(held ? { go: true } : { hold: true });
$('step-frame').onclick = () => send({ step: FRAME });
$('step-ms').onclick = () => send({ step: 1 });

let asked = null; // { pace, until }: a status that was on its way then does not take the choice back
for (const choice of document.getElementsByName('pace'))
  choice.onchange = () => { asked = { pace: choice.value, until: performance.now() + 1000 }; send({ pace: choice.value }); };
function showPace(pace) {
  if (asked && (pace === asked.pace || performance.now() > asked.until)) asked = null;
  if (!asked) document.querySelector(`[name=pace][value=${pace}]`).checked = true;
}

let panelOn = false;
on('status', status => {
  const seconds = status.t / 1e6, minutes = Math.floor(seconds / 60);
  $('time').textContent = (minutes ? minutes + ' min ' : '') + (seconds - 60 * minutes).toFixed(held ? 3 : 2) + ' s';
  $('speed').textContent = held ? '' : status.speed.toFixed(2) + ' × real time';
  panelOn = status.panel;
  showPace(status.pace);
  if (status.held !== held) { held = status.held; showHeld(); }
});
on('open', () => { live = true; showLink(); });
on('close', () => { live = false; showLink(); });
setInterval(() => {
  $('rate').textContent = panelOn ? shown.pictures + ' pictures/s' : 'panel off';
  shown.pictures = 0;
}, 1000);
