// The live page: its parts, and files that are dropped on it.
import './panel.js';
import './board.js';
import './console.js';
import './time.js';
import './plots.js';
import { see } from './camera.js';
import { plug } from './stick.js';
import { connect, on, tell } from './link.js';

on('tell', tell);

// What is dropped goes where it is dropped; the place that suits it is marked.
const drop = document.getElementById('drop'), places = [...drop.children], take = { camera: see, stick: plug };
const hasFiles = event => [...event.dataTransfer.types].includes('Files');
const guess = item => item && /^(image|video)\//.test(item.type) ? 'camera' : 'stick';
addEventListener('dragenter', event => {
  if (!hasFiles(event)) return;
  drop.hidden = false;
  const wanted = guess(event.dataTransfer.items[0]);
  places.forEach(place => place.classList.toggle('over', place.dataset.drop === wanted));
});
addEventListener('dragover', event => { if (hasFiles(event)) event.preventDefault(); });
drop.addEventListener('dragleave', event => { if (!event.relatedTarget) drop.hidden = true; });
addEventListener('drop', event => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  drop.hidden = true;
  const file = event.dataTransfer.files[0], place = event.target.closest?.('[data-drop]');
  if (file) take[place ? place.dataset.drop : guess(file)](file);
});
connect();
