package org.kotangent.spec.scalar

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import org.kotangent.ad.scalar.Real
import kotlin.math.abs
import kotlin.math.max

/** The functions that Kotlin lacks, against values computed with forty digits. */
class SpecialFunctionSpec :
    FunSpec({
        fun agree(name: String, ulps: Double, f: (Real) -> Real, vararg values: Pair<Double, Double>) {
            test("$name, within $ulps units in the last place") {
                for ((x, y) in values) {
                    withClue(x) { abs(f(Real.of(x)).value() - y) / Math.ulp(y) shouldBeLessThan ulps + 0.5 }
                }
            }
        }

        /** Relative to 1 near the roots, which no series in double precision resolves better. */
        fun agreeNearRoots(name: String, f: (Real) -> Real, vararg values: Pair<Double, Double>) {
            test("$name, within 2e-15 of its size or of 1") {
                for ((x, y) in values) {
                    withClue(x) { abs(f(Real.of(x)).value() - y) / max(1.0, abs(y)) shouldBeLessThan 2e-15 }
                }
            }
        }
        agree(
            "erf", 8.0, { it.erf() },
            1e-10 to 1.1283791670955126e-10,
            0.01 to 0.011283415555849618,
            0.5 to 0.5204998778130465,
            1.0 to 0.8427007929497149,
            1.5 to 0.9661051464753108,
            2.0 to 0.9953222650189527,
            2.7 to 0.9998656672600594,
            3.0 to 0.9999779095030014,
            3.5 to 0.9999992569016276,
            5.0 to 0.9999999999984626,
            -0.7 to -0.6778011938374184,
        )
        agree(
            "logGamma", 5.0, { it.logGamma() },
            1e-08 to 18.42068073818021,
            0.1 to 2.252712651734206,
            0.5 to 0.5723649429247001,
            0.99 to 0.005854806764709781,
            1.0000001 to -5.772155829918507e-08,
            1.3 to -0.10817480950786047,
            1.9999 to -4.227520877215346e-05,
            2.5 to 0.2846828704729192,
            3.0 to 0.6931471805599453,
            7.5 to 7.534364236758733,
            11.9 to 17.25847745059552,
            12.5 to 18.734347511936445,
            40.0 to 106.63176026064346,
            100000.0 to 1051287.7089736569,
        )
        agreeNearRoots(
            "logGamma of negative numbers",
            { it.logGamma() },
            -0.3 to 1.4648400508576025,
            -1.5 to 0.860047015376481,
            -2.4570247382208006 to 5.619192358950097e-17,
            -5.5 to -4.517832174007741,
        )
        agreeNearRoots(
            "digamma", { it.digamma() },
            1e-05 to -100000.57719921567,
            0.1 to -10.423754940411076,
            1.0 to -0.5772156649015329,
            1.4616321449683622 to -9.241265521729427e-17,
            2.0 to 0.42278433509846713,
            5.0 to 1.5061176684318005,
            30.0 to 3.384438132685525,
            1000000.0 to 13.815510057964191,
            -0.5 to 0.03648997397857652,
            -3.3 to 3.620353460592126,
        )
        agree(
            "polygamma of order 1", 8.0, { it.polygamma(1) },
            0.1 to 101.43329915079275,
            0.9 to 1.9225399594772035,
            1.5 to 0.9348022005446793,
            3.0 to 0.39493406684822646,
            10.0 to 0.10516633568168575,
            100.0 to 0.010050166663333571,
        )
        agree(
            "polygamma of order 2", 8.0, { it.polygamma(2) },
            0.1 to -2001.8614573783436,
            0.9 to -3.20179704379472,
            1.5 to -0.82879664423432,
            3.0 to -0.15411380631918858,
            10.0 to -0.011049834970802067,
            100.0 to -0.00010100499983335,
        )
        agree(
            "polygamma of order 5", 8.0, { it.polygamma(5) },
            0.1 to 120000069.30751093,
            0.9 to 228.60140011674952,
            1.5 to 11.113548602435497,
            3.0 to 0.20616743813389676,
            10.0 to 0.0003059451621172682,
            100.0 to 2.460599944011996e-09,
        )
        agree(
            "polygamma of order 8",
            8.0,
            { it.polygamma(8) },
            -1.5 to -11.146030731869933,
        )
        agree(
            "polygamma of order 30",
            8.0,
            { it.polygamma(30) },
            0.7 to -1.681205625310475e+37,
            1000.0 to -8.975073648140491e-60,
            -1.5 to -1.2232990235199246e+20,
            -2.25 to 1.2232629049437595e+51,
        )
        agree(
            "polygamma of order 171",
            8.0,
            { it.polygamma(171) },
            100.0 to 1.5158124172677882e-35,
        )
        agree(
            "polygamma of order 200",
            1000.0,
            { it.polygamma(200) },
            100.0 to -9.125424691096223e-28,
            -1.5 to -8.146046727420046e+294,
        )
        agree(
            "polygamma of order 1000",
            5000.0,
            { it.polygamma(1000) },
            370.0 to -0.000732645657980637,
        )
        agree(
            "sigmoid",
            3.0,
            { it.sigmoid() },
            -40.0 to 4.248354255291589e-18,
            -1.0 to 0.2689414213699951,
            0.0 to 0.5,
            0.3 to 0.574442516811659,
            20.0 to 0.9999999979388464,
        )
        agree(
            "softplus",
            3.0,
            { it.softplus() },
            -40.0 to 4.248354255291589e-18,
            -1.0 to 0.3132616875182228,
            0.0 to 0.6931471805599453,
            0.3 to 0.8543552444685271,
            20.0 to 20.000000002061153,
        )
        agree(
            "asinh",
            4.0,
            { it.asinh() },
            1e-09 to 1e-09,
            0.1 to 0.09983407889920756,
            1.0 to 0.881373587019543,
            50.0 to 4.605270170991424,
        )
        agree(
            "acosh",
            4.0,
            { it.acosh() },
            1.0000001 to 0.0004472135919037347,
            1.5 to 0.9624236501192069,
            50.0 to 4.6050701709847575,
            1e8 to 19.11382792451231,
            1e150 to 346.0809111296668,
            1e300 to 691.4686750787737,
        )
        agree(
            "atanh",
            4.0,
            { it.atanh() },
            1e-09 to 1e-09,
            0.1 to 0.10033534773107558,
            0.9 to 1.4722194895832204,
            -0.99 to -2.6466524123622457,
        )

        test("at their poles, and far out") {
            Real.of(0.0).digamma().value().isNaN() shouldBe true
            Real.of(-3.0).polygamma(1).value() shouldBe Double.POSITIVE_INFINITY
            Real.of(2.0).polygamma(-1).value().isNaN() shouldBe true
            Real.of(2.0).polygamma(Int.MAX_VALUE).value() shouldBe Double.POSITIVE_INFINITY
            Real.of(-0.3).polygamma(Int.MAX_VALUE).value() shouldBe Double.POSITIVE_INFINITY
            Real.of(1e12).polygamma(Int.MAX_VALUE).value() shouldBe 0.0
            Real.of(Double.POSITIVE_INFINITY).polygamma(300).value() + 0.0 shouldBe 0.0
            Real.of(Double.POSITIVE_INFINITY).logGamma().value() shouldBe Double.POSITIVE_INFINITY
            Real.of(Double.POSITIVE_INFINITY).digamma().value() shouldBe Double.POSITIVE_INFINITY
            Real.of(7.0).erf().value() shouldBe 1.0
            Real.of(-7.0).erf().value() shouldBe -1.0
        }
    })
