package io.espalier.engine.run;

/**
 * One of several things that are tried one after the other.
 *
 * @param phase all of them, as a short noun phrase
 * @param unit one of them, in a word: {@code way}
 * @param number which, from 1
 * @param most how many there are at most; 0 when that is not known
 * @param what what tells it from the others; may be empty
 */
record Attempted(String phase, String unit, int number, int most, String what) {

    @Override
    public String toString() {
        return unit + " " + number + (most == 0 ? "" : "/" + most) + (what.isEmpty() ? "" : ", " + what);
    }
}
