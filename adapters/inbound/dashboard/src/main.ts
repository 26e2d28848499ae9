import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/surfaces.css';
import './styles/avatar.css';
import './styles/map.css';
// First of all, so that a remembered theme is there before anything is painted.
import './lib/state/theme.svelte';
import App from './App.svelte';

mount(App, { target: document.getElementById('app')! });
