// Loads of both cores and notifications between them, as they were lately.
import uPlot from './uplot.js';
import { on } from './link.js';

const KEPT = 300; // states of the board, ten a second
const LEAST = 0.05; // seconds of board time between two of them: what came in less says little
const $ = id => document.getElementById(id);
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function plot(place, height, unit, most) {
  const axis = { stroke: () => colour('--quiet'), grid: { stroke: () => colour('--line'), width: 1 }, ticks: { show: false },
    font: '11px system-ui, sans-serif' };
  const line = name => ({ stroke: () => colour(name), width: 1.6, points: { show: false }, spanGaps: false });
  const options = {
    width: place.clientWidth || 400, height, legend: { show: false }, cursor: { show: false }, padding: [6, 6, 0, 0],
    scales: { x: { time: false }, y: { range: (self, low, high) => [0, Math.max(most, (high || 0) * 1.1)] } },
    axes: [{ ...axis, size: 20, space: 60, gap: 4, values: (self, ticks) => ticks.map(t => t + ' s') },
           { ...axis, size: 44, space: 24, gap: 4, values: (self, ticks) => ticks.map(t => t + unit) }],
    series: [{}, line('--m7'), line('--m4')],
  };
  const made = new uPlot(options, [[], [], []], place);
  new ResizeObserver(() => made.setSize({ width: place.clientWidth, height })).observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => made.redraw());
  return made;
}
const loads = plot($('load-plot'), 96, ' %', 10), notes = plot($('note-plot'), 96, '', 20);

const times = [], load = [[], []], rate = [[], []];
let last = null;
function forget() {
  for (const list of [times, ...load, ...rate]) list.length = 0;
  last = null;
}
on('open', forget);

function keep(list, value) {
  list.push(value);
  if (list.length > KEPT) list.shift();
}
const percent = value => value === null ? 'in reset' : (100 * value).toFixed(1) + ' %';

on('status', status => {
  if (last && status.t < last.t) forget();
  const passed = last ? (status.t - last.t) / 1e6 : 0;
  if (last && passed < LEAST) return;
  keep(times, status.t / 1e6);
  for (let n = 0; n < 2; n++) {
    const rated = passed ? (status.notified[n] - last.notified[n]) / passed : null;
    keep(load[n], status.load[n] === null ? null : 100 * status.load[n]);
    keep(rate[n], rated);
    $('load' + n).textContent = percent(status.load[n]);
    $('notes' + n).textContent = rated === null ? '–' : rated.toFixed(0);
  }
  last = status;
  loads.setData([times, ...load]);
  notes.setData([times, ...rate]);
});
