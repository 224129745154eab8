// The stick: plugged in, pulled out, and what is on it.
import { key } from './board.js';
import { on, send, tell } from './link.js';
import { bring } from './upload.js';

const $ = id => document.getElementById(id);
const card = $('stick-card'), usb = $('usb'), list = $('files');
const LOOK_EVERY = 1500; // milliseconds between two looks at a stick that is written
let stick = { state: 'none', name: '', files: false };

const fresh = () => send({ plug: 'fresh' }), again = () => send({ plug: true }), pull = () => send({ unplug: true });
const act = { none: fresh, plugged: pull, 'at hand': again };
export const plug = file => bring(file, 'stick', card);
$('stick-fresh').onclick = fresh;
$('stick-again').onclick = again;
$('stick-pull').onclick = pull;
$('stick-file').onchange = event => {
  if (event.target.files[0]) plug(event.target.files[0]);
  event.target.value = '';
};
key(usb, down => { if (!down) act[stick.state](); });

function show() {
  const { state, name } = stick, what = name || 'stick';
  usb.classList.toggle('plugged', state === 'plugged');
  usb.classList.toggle('hand', state === 'at hand');
  usb.setAttribute('aria-label', state === 'plugged' ? `USB: ${what} is plugged in; pull it out`
    : state === 'at hand' ? `USB: empty; plug ${what} in again` : 'USB: empty; plug in a fresh stick');
  usb.querySelector('title').textContent = usb.getAttribute('aria-label');
  $('stick-name').textContent = state === 'none' ? 'none' : state === 'plugged' ? name : `${name}, pulled out`;
  $('stick-pull').hidden = state !== 'plugged';
  $('stick-again').hidden = state !== 'at hand';
  $('stick-fresh').textContent = state === 'none' ? 'Plug in a fresh one' : 'Fresh one';
}

// ---- Its files ----

const units = ['B', 'KB', 'MB', 'GB'];
function size(bytes) {
  let n = 0;
  for (; bytes >= 1000 && n < 3; n++) bytes /= 1000;
  return (n && bytes < 100 ? bytes.toFixed(1) : bytes.toFixed(0)) + ' ' + units[n];
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function look(url, path) {
  const view = $('view'), picture = view.querySelector('img');
  picture.src = url;
  picture.alt = path;
  view.showModal();
}

function row(file) {
  const line = document.createElement('li'), url = '/files/' + file.path.split('/').map(encodeURIComponent).join('/');
  if (file.folder) {
    line.append(element('span', 'name', file.path + '/'));
    return line;
  }
  const link = element('a', '', 'Save'), picture = /\.(jpe?g|png)$/i.test(file.path);
  link.href = url;
  link.download = file.path.split('/').pop();
  link.setAttribute('aria-label', `Save ${file.path}`);
  const name = element(picture ? 'button' : 'span', 'name', file.path);
  if (picture) name.onclick = () => look(url, file.path);
  line.append(name, element('span', 'size', size(file.size)), link);
  return line;
}

function showFiles(found) {
  const lines = found.files.map(row);
  if (found.more) lines.push(element('li', 'quiet', 'and others'));
  list.replaceChildren(...lines);
  $('stick-hint').textContent = `${found.label || 'No label'} · ${size(found.free)} of ${size(found.size)} free` +
    (found.files.length ? '' : ' · nothing on it yet');
}

let looked = 0, timer = null;
async function lookAtFiles() {
  timer = null;
  looked = performance.now();
  try {
    const answer = await fetch('/files');
    if (!answer.ok) throw new Error(await answer.text());
    showFiles(await answer.json());
  } catch (error) {
    list.replaceChildren();
    $('stick-hint').textContent = error.message;
  }
}
function lookSoon() {
  timer ??= setTimeout(lookAtFiles, Math.max(200, looked + LOOK_EVERY - performance.now()));
}

on('stick', now => {
  stick = now;
  show();
  if (now.files) return lookSoon();
  list.replaceChildren();
  $('stick-hint').textContent = now.state === 'none' ? 'Or drop an image of a stick anywhere on this page.' : '';
});
let written = 0;
on('status', status => {
  if (status.written !== written && stick.files) lookSoon();
  written = status.written;
});
