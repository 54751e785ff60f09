/**
 * Reports of runs that are over: one HTML page that needs no network, Markdown, and figures as PNG or SVG. All of it is read from the files
 * that a run leaves beside its model.
 */
package io.espalier.report;
