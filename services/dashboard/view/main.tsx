import { render } from 'preact';
import { App } from './app.js';
import 'uplot/dist/uPlot.min.css';
import './style.css';

const place = document.getElementById('app');
if (place !== null) render(<App />, place);
