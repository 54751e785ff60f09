/** The file: its structure, its payloads, and how it is written. */
package io.espalier.adapter.tflite.store;
