package io.espalier.host;

/**
 * Why an extension cannot be used.
 *
 * @param reason what happened
 * @param advice what to do about it
 */
record Trouble(String reason, String advice) {}
