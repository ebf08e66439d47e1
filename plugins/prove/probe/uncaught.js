'use strict';

// Errors that nobody catches. A plugin has them when their stack goes through its
// folder. They are only watched: what comes of them stays as it is.

const { realpathSync } = require('node:fs');
const { sep } = require('node:path');

class Uncaught {
  #report;
  #counts = new Map();
  #folders = new Map(); // by the plugin's name, as stacks have them

  constructor(report) {
    this.#report = report;
    for (const { name, folder } of report.packages()) {
      this.#counts.set(name, 0);
      if (folder) {
        this.#folders.set(name, realpathSync(folder) + sep);
      }
    }
    process.on('uncaughtExceptionMonitor', this.#see);
    // The first listener of rejections keeps Node.js from ending the process on one.
    // Backstage has one of its own; where it has none, that stays so.
    if (process.listenerCount('unhandledRejection') > 0) {
      process.on('unhandledRejection', this.#see);
    }
  }

  stop() {
    process.off('uncaughtExceptionMonitor', this.#see);
    process.off('unhandledRejection', this.#see);
  }

  // counts are the errors by the plugin's name.
  counts() {
    return this.#counts;
  }

  #see = error => {
    try {
      // Portals that only call backend.start() stay when it fails, and nobody but
      // the log knows why.
      if (error?.name === 'BackendStartupError') {
        this.#report.failed(error);
      }
      const stack = String(error?.stack ?? '');
      for (const [name, folder] of this.#folders) {
        if (stack.includes(folder)) {
          this.#counts.set(name, this.#counts.get(name) + 1);
          return;
        }
      }
    } catch {
      // An error without a readable stack is nobody's.
    }
  };
}

module.exports = { Uncaught };
