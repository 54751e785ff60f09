/**
 * TFLite files on disk. {@link io.espalier.adapter.tflite.store.TfliteFile} opens a file, checks every offset and every
 * number in it before anything is decoded, and gives a {@link io.espalier.adapter.tflite.store.NativeModel}: the objects of the
 * schema, with the payloads of buffers read when they are wanted.
 */
package io.espalier.adapter.tflite.store;
