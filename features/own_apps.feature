@own-apps
Feature: Agents that people already have
  OwnTracks, and every app that speaks the OsmAnd protocol, deliver with a token of their own.
  The same rules hold for them as for our agents.

  Background:
    Given Ana carries a phone and allows location and battery

  Rule: What an app reports is kept like any other observation

    Scenario Outline: An app reports a position
      Given Ana's phone has <app> with a token
      When <app> reports from Home at 36 km/h with 80 % battery, 10 minutes ago
      Then Ana's phone is known to have been at Home 10 minutes ago
      And Ana's phone is known to have moved at 36 km/h with 80 % battery

      Examples:
        | app       |
        | OwnTracks |
        | OsmAnd    |

    Scenario Outline: An app that reports the same again
      Given Ana's phone has <app> with a token
      When <app> reports from Home at 36 km/h with 80 % battery, 10 minutes ago
      And <app> reports from Home at 36 km/h with 80 % battery, 10 minutes ago
      Then 1 location of Ana's phone is kept

      Examples:
        | app       |
        | OwnTracks |
        | OsmAnd    |

    Scenario: Rules judge what an app reports
      Given Ana's phone has OwnTracks with a token
      And the rule that anybody moves faster than 130 km/h
      When OwnTracks reports from Home at 140 km/h with 80 % battery, 10 minutes ago
      Then 1 alert is raised

  Rule: Consent is the gate for apps, too

    Scenario Outline: A report without consent
      Given Ana's phone has <app> with a token
      And Ana withdraws her consent
      When <app> reports from Home at 36 km/h with 80 % battery, 10 minutes ago
      Then nothing is known of Ana's phone
      And quarantine is empty

      Examples:
        | app       |
        | OwnTracks |
        | OsmAnd    |

    Scenario Outline: Words that make no sense, without consent
      Given Ana's phone has <app> with a token
      And Ana withdraws her consent
      When <app> reports what nobody understands
      Then quarantine is empty

      Examples:
        | app       |
        | OwnTracks |
        | OsmAnd    |

  Rule: An app that says what nobody understands is not held up

    Scenario Outline: The words are kept in quarantine and the next report is kept
      Given Ana's phone has <app> with a token
      When <app> reports what nobody understands
      And <app> reports from Home at 36 km/h with 80 % battery, 10 minutes ago
      Then quarantine holds what Ana's phone sent
      And 1 location of Ana's phone is kept

      Examples:
        | app       |
        | OwnTracks |
        | OsmAnd    |

  Rule: A token opens one door, for one device, until it is revoked

    Scenario: A token of one app does not work for another
      Given Ana's phone has OwnTracks with a token
      When OsmAnd reports with the token of OwnTracks
      Then it is turned away

    Scenario: A revoked token
      Given Ana's phone has OwnTracks with a token
      When the token of OwnTracks is revoked
      And OwnTracks reports from Home at 36 km/h with 80 % battery, 10 minutes ago
      Then OwnTracks is turned away
