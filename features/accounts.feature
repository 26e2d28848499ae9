Feature: Accounts are separate
  What belongs to one account does not exist for another: not to look at, not to change and not
  to be judged by.

  Background:
    Given Ana carries a phone and allows location
    And the place School with a radius of 100 m
    And the Kos family has an account of its own

  Rule: An account sees what is its own

    Scenario: People, devices and places
      Then the Kos family sees no people, no devices and no places

    Scenario: Alerts
      Given the rule that anybody enters School
      When Ana's phone sends these positions:
        | when           | where             |
        | 20 minutes ago | 500 m from School |
        | 10 minutes ago | at School         |
      Then 1 alert is raised
      But the Kos family sees no alerts
      And the Kos family cannot acknowledge the alert

    Scenario: Quarantine
      When Ana's phone sends a location that is nowhere on earth
      Then quarantine holds what Ana's phone sent, because its latitude is out of range
      But the Kos family's quarantine is empty

  Rule: What belongs to another account is nowhere to be found

    Scenario Outline: The Kos family knows the name of Ana's phone all the same
      When the Kos family tries to <do something>
      Then that is nowhere to be found

      Examples:
        | do something                    |
        | look at Ana's phone             |
        | read where Ana's phone was      |
        | retire Ana's phone              |
        | get a code for Ana's phone      |
        | ask Ana's phone for its location |
        | record a consent of Ana         |

    Scenario Outline: Rules and devices stay within their account
      When the Kos family tries to <do something>
      Then that is refused as a mistake

      Examples:
        | do something                        |
        | add a phone that Ana carries        |
        | make a rule about School            |
        | make a rule about Ana               |

  Rule: A rule about anybody is about everybody in its own account

    Scenario: The Kos family asks to be told of anybody who drives fast
      Given the Kos family has the rule that anybody moves faster than 130 km/h
      When Ana's phone sends its location at 140 km/h
      Then no alert is raised
      And the Kos family sees no alerts
