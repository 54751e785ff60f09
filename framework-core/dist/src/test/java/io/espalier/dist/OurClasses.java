package io.espalier.dist;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

/** The classes of the whole tree as they were compiled, read once. */
final class OurClasses {

    static final JavaClasses ALL = new ClassFileImporter()
            .importPackages("io.espalier")
            .that(DescribedPredicate.not(resideInAPackage("io.espalier.dist..")));

    private OurClasses() {}
}
