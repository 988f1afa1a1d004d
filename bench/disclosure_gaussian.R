# GaussSuppression (Langsrud 2024) on the sets of disclosure_data.py, read from standard input. Usage: Rscript … P1|P2
suppressMessages(library(GaussSuppression))
set <- commandArgs(TRUE)[1]
x <- read.csv(file("stdin"))
x[] <- lapply(x, as.character)
area <- if (set == "P1") "region" else "cercle"
x$n <- 1
small <- aggregate(n ~ ., x[c(area, if (area == "cercle") "region", "month", "type", "n")], sum)
for (zeros in c(TRUE, FALSE)) {
  seconds <- system.time(
    done <- SuppressSmallCounts(
      data = small, freqVar = "n", maxN = 4, protectZeros = zeros, extend0 = TRUE, printInc = FALSE,
      formula = as.formula(if (area == "region") "~ region * month * type" else "~ (region + cercle) * month * type")
    )
  )[["elapsed"]]
  secondary <- done$suppressed & !done$primary & done$n > 0
  cat(sprintf("GaussSuppression %s, zeros %s: %d secondaries, %d incidents, %.1f s\n", set,
    if (zeros) "protected" else "open", sum(secondary), sum(done$n[secondary]), seconds))
}
