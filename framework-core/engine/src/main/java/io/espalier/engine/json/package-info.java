/** Documents of JSON that the program writes and reads again. */
package io.espalier.engine.json;
