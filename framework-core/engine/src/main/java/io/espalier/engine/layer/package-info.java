/** What people call the layers of a model, and which layers a group of coupled channels belongs to. */
package io.espalier.engine.layer;
