// What stands before the board's camera: the scene, a file, or the camera of whoever looks at this page.
import { key } from './board.js';
import { on, send, tell } from './link.js';
import { bring, open } from './upload.js';

const $ = id => document.getElementById(id);
const card = $('camera-card'), view = $('camera-view');
const WIDTH = 800, HEIGHT = 600, EVERY = 1000 / 15; // milliseconds between its pictures
let own = null; // { stream, socket } of the person's camera

export const see = file => { stopOwn(); return bring(file, 'camera', card); };
$('camera-scene').onclick = () => { stopOwn(); send({ camera: 'scene' }); };
$('camera-file').onchange = event => {
  if (event.target.files[0]) see(event.target.files[0]);
  event.target.value = '';
};
key($('camera-module'), down => { if (!down) { card.scrollIntoView({ block: 'nearest', behavior: 'smooth' }); $('camera-scene').focus(); } });

on('status', status => {
  const name = status.camera === 'browser' ? 'a webcam in a browser' : status.camera;
  if ($('camera-name').textContent === name) return;
  $('camera-name').textContent = name;
  $('camera-scene').classList.toggle('chosen', status.camera === 'scene');
  if (own && own.seen && status.camera !== 'browser') stopOwn(); // somebody chose something else
  if (own) own.seen = status.camera === 'browser';
});

const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
async function nextPicture() {
  const scale = Math.min(1, WIDTH / view.videoWidth);
  canvas.width = Math.round(view.videoWidth * scale);
  canvas.height = Math.round(view.videoHeight * scale);
  canvas.getContext('2d').drawImage(view, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
}

// The next one goes when the board has the one before, at most 15 a second.
async function feed(socket) {
  const start = performance.now(), picture = await nextPicture();
  await new Promise(resolve => setTimeout(resolve, Math.max(0, (own?.due ?? 0) - performance.now())));
  if (!own || own.socket !== socket || socket.readyState !== WebSocket.OPEN) return;
  own.due = start + EVERY;
  socket.send(picture);
}

function stopOwn() {
  if (!own) return;
  const { stream, socket } = own;
  own = null;
  stream.getTracks().forEach(track => track.stop());
  if (socket) socket.close();
  view.hidden = true;
  view.srcObject = null;
  $('camera-own').classList.remove('chosen');
}

async function startOwn() {
  if (!navigator.mediaDevices) return tell('This browser gives its camera only to a page at 127.0.0.1, localhost or by https.');
  try {
    own = { stream: await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } }), due: 0 };
  } catch (error) {
    return tell(error.name === 'NotFoundError' ? 'There is no webcam.' : `The webcam cannot be used: ${error.message}`);
  }
  view.srcObject = own.stream;
  view.hidden = false;
  await view.play();
  $('camera-own').classList.add('chosen');
  own.socket = open({ upload: 'browser' }, feed, stopOwn);
}
$('camera-own').onclick = () => own ? (stopOwn(), send({ camera: 'scene' })) : startOwn();
