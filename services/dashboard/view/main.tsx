import { render } from 'preact';
import { App } from './app.js';
import 'uplot/dist/uPlot.min.css';
import './base.css';
import './strip.css';
import './state.css';
import './cards.css';
import './layout.css';
import './pages.css';
import { restoreScheme } from './nav.js';

restoreScheme();
const place = document.getElementById('app');
if (place !== null) render(<App />, place);
