Feature: Trying a rule on the past
  Before a rule is made one may ask: what would it have done? It is judged again over what is
  stored. Nobody is told of what it finds.

  Background:
    Given Ana carries a phone and allows location and battery
    And the place Home with a radius of 100 m

  Rule: It finds what the rule would have said

    Scenario: A rule about a place
      Given Ana's phone sends these positions:
        | when        | where           |
        | 5 hours ago | at Home         |
        | 4 hours ago | 500 m from Home |
        | 3 hours ago | at Home         |
        | 2 hours ago | 900 m from Home |
      When the rule that Ana leaves Home is tried on the last 7 days
      Then it would have raised these alerts:
        | alert                | happened    | it is    |
        | Ana (phone) left Home | 4 hours ago | over     |
        | Ana (phone) left Home | 2 hours ago | going on |
      And no alert is raised

    Scenario: A rule that would have stayed silent
      Given Ana's phone sends these positions:
        | when        | where           |
        | 5 hours ago | at Home         |
        | 4 hours ago | 500 m from Home |
      When the rule that Ana moves faster than 130 km/h is tried on the last 7 days
      Then it would have raised no alert

    Scenario: What came late counts as if it had come in time
      Given Ana's phone sends these positions:
        | when        | where   |
        | 1 hour ago  | at Home |
      And Ana's phone sends these positions:
        | when        | where           |
        | 5 hours ago | at Home         |
        | 4 hours ago | 500 m from Home |
        | 3 hours ago | at Home         |
      When the rule that Ana leaves Home is tried on the last 7 days
      Then it would have raised these alerts:
        | alert                | happened    | it is |
        | Ana (phone) left Home | 4 hours ago | over  |

    Scenario: Silence of the past
      Given Ana's phone sends these positions:
        | when        | where   |
        | 9 hours ago | at Home |
        | 4 hours ago | at Home |
        | 2 hours ago | at Home |
        | 1 hour ago  | at Home |
      When the rule that Ana is silent for 3 hours is tried on the last 7 days
      Then it would have raised these alerts:
        | alert                                   | happened    | it is |
        | Ana (phone) has been silent for 3 hours | 6 hours ago | over  |

  Rule: It tells what the rule then does

    Scenario: The same alerts as those that were raised
      Given the rule that Ana leaves Home
      When Ana's phone sends these positions:
        | when           | where           |
        | 50 minutes ago | at Home         |
        | 40 minutes ago | 500 m from Home |
        | 30 minutes ago | at Home         |
        | 20 minutes ago | 500 m from Home |
      And the rule that Ana leaves Home is tried on the last 7 days
      Then it would have raised what was raised

  Rule: What could not be a rule cannot be tried

    Scenario: A speed that nobody has
      When somebody tries the rule that Ana moves faster than 9999999 km/h
      Then that is refused as a mistake
