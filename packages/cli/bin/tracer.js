#!/usr/bin/env node
// Lies here rather than in dist/ so that npm finds it, and makes it executable, before anything is built.
import "../dist/bin.js"
