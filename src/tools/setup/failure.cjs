'use strict';

/** A failure of set-up that a person can do something about: the message says what failed, `advice` what to do. */
class SetupFailure extends Error {
  /**
   * @param {string} message
   * @param {string} advice
   */
  constructor(message, advice) {
    super(message);
    this.name = 'SetupFailure';
    this.advice = advice;
  }
}

module.exports = { SetupFailure };
