#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace hindra {

/** There must be one. */
inline double median_of(std::vector<double> values) {
  const auto middle = values.begin() + long(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/** A place has terms, which are known of it, and values, which it has become. */
template <int kTerms, int kValues>
struct Fitting {
  double terms[kTerms];
  double seen[kValues];
  /** How much it tells of what all have become, 0 to 1. */
  double weight;
};

/** Linear in the terms. */
template <int kTerms, int kValues>
struct Fit {
  double of[kValues][kTerms] = {};

  /** What all others make of a value of a place. */
  double expected(const Fitting<kTerms, kValues> &place, int value) const {
    double sum = 0;
    for (int i = 0; i < kTerms; i += 1) sum += of[value][i] * place.terms[i];
    return sum;
  }

  /** How far a place lies from what all others make of it. */
  double residual(const Fitting<kTerms, kValues> &place) const {
    double squares = 0;
    for (int value = 0; value < kValues; value += 1) {
      const double off = place.seen[value] - expected(place, value);
      squares += off * off;
    }
    return std::sqrt(squares);
  }
};

/** Weighted least squares, with a little that keeps it from being singular. */
template <int kTerms, int kValues>
Fit<kTerms, kValues> fitted(const std::vector<Fitting<kTerms, kValues>> &places) {
  double matrix[kTerms][kTerms + kValues] = {};
  for (const auto &place : places) {
    for (int row = 0; row < kTerms; row += 1) {
      const double share = place.weight * place.terms[row];
      for (int column = 0; column < kTerms; column += 1) matrix[row][column] += share * place.terms[column];
      for (int value = 0; value < kValues; value += 1) matrix[row][kTerms + value] += share * place.seen[value];
    }
  }
  for (int i = 0; i < kTerms; i += 1) matrix[i][i] += 1e-3;
  for (int pivot = 0; pivot < kTerms; pivot += 1) {
    for (int row = 0; row < kTerms; row += 1) {
      if (row == pivot) continue;
      const double share = matrix[row][pivot] / matrix[pivot][pivot];
      for (int column = pivot; column < kTerms + kValues; column += 1) {
        matrix[row][column] -= share * matrix[pivot][column];
      }
    }
  }
  Fit<kTerms, kValues> fit;
  for (int i = 0; i < kTerms; i += 1) {
    for (int value = 0; value < kValues; value += 1) fit.of[value][i] = matrix[i][kTerms + value] / matrix[i][i];
  }
  return fit;
}

/** The fit of those that agree: what lies far off, from `apart` on, loses its say, and all is fitted anew. */
template <int kTerms, int kValues>
Fit<kTerms, kValues> robustly_fitted(std::vector<Fitting<kTerms, kValues>> &places, double apart) {
  constexpr int kRounds = 8;
  Fit<kTerms, kValues> fit = fitted(places);
  for (int round = 0; round < kRounds; round += 1) {
    for (auto &place : places) {
      const double off = fit.residual(place) / apart;
      place.weight = off >= 1 ? 0 : (1 - off * off) * (1 - off * off);
    }
    fit = fitted(places);
  }
  return fit;
}

}  // namespace hindra
