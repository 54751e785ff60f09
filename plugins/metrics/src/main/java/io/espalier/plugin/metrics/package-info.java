/** Metrics for classification (top-1, top-k) and regression (mean squared error). */
package io.espalier.plugin.metrics;
