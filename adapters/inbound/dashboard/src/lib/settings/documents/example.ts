/** What a new mapping begins with: it works, so that there is something to change. */
export const EXAMPLE = {
  definition: `{
  "rules": [
    {
      "where": "type == 'drive'",
      "each": "points",
      "kind": "location",
      "time": {"path": "t", "format": "epoch_s"},
      "fields": {
        "lat": "pos.lat",
        "lon": "pos.lon",
        "speed_mps": {"path": "kmh", "scale": 0.2777778}
      }
    },
    {"where": "type == 'ping'", "ignore": true}
  ]
}`,
  document: `{
  "type": "drive",
  "points": [
    {
      "t": 1789999800,
      "pos": {"lat": 45.8, "lon": 14.36},
      "kmh": 50
    }
  ]
}`,
};
