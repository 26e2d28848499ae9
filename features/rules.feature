Feature: Rules
  A rule is a sentence about people and their devices. When it comes true, an alert is raised.

  Rule: Speed is measured against a limit

    Background:
      Given Ana carries a phone and allows location

    Scenario Outline: Driving past the limit
      Given the rule that anybody moves faster than 130 km/h
      When Ana's phone sends its location at <speed> km/h
      Then <alerts> alerts are raised

      Examples:
        | speed | alerts |
        | 129   | 0      |
        | 131   | 1      |

    Scenario: One fast drive is one alert
      Given the rule that anybody moves faster than 130 km/h
      When Ana's phone sends these positions:
        | when           | where           | speed    |
        | 30 minutes ago | at Home         | 140 km/h |
        | 20 minutes ago | 500 m from Home | 150 km/h |
        | 10 minutes ago | 900 m from Home | 145 km/h |
      Then these alerts are raised:
        | alert                                       | happened       |
        | Ana (phone) moved at 140 km/h, over 130 km/h | 30 minutes ago |

    Scenario: A rule may ask not to be told too often
      Given the rule that anybody moves faster than 130 km/h, at most once an hour
      When Ana's phone sends these positions:
        | when        | where           | speed    |
        | 180 minutes ago | at Home         | 140 km/h |
        | 170 minutes ago | 500 m from Home | 50 km/h  |
        | 160 minutes ago | 500 m from Home | 140 km/h |
        | 150 minutes ago | 500 m from Home | 50 km/h  |
        | 100 minutes ago | 900 m from Home | 150 km/h |
      Then these alerts are raised:
        | alert                                        | happened        |
        | Ana (phone) moved at 140 km/h, over 130 km/h | 180 minutes ago |
        | Ana (phone) moved at 150 km/h, over 130 km/h | 100 minutes ago |

  Rule: A battery that runs low is told once

    Background:
      Given Ana carries a phone and allows battery
      And the rule that anybody has less than 15 % battery

    Scenario: The battery runs down
      When Ana's phone sends its battery:
        | when           | level |
        | 30 minutes ago | 16 %  |
        | 20 minutes ago | 14 %  |
        | 10 minutes ago | 9 %   |
      Then these alerts are raised:
        | alert                                  | happened       | it is    |
        | Ana (phone) has 14% battery left, under 15% | 20 minutes ago | going on |

    Scenario: The battery is charged again
      When Ana's phone sends its battery:
        | when           | level |
        | 20 minutes ago | 14 %  |
        | 10 minutes ago | 80 %  |
      Then these alerts are raised:
        | alert                                  | happened       | it is |
        | Ana (phone) has 14% battery left, under 15% | 20 minutes ago | over  |

  Rule: Silence is noticed by time passing

    Scenario: A phone that has not been heard of
      Given Ana carries a phone and allows battery
      And Borut carries a phone and allows battery
      And the rule that anybody is silent for 1 hour
      When Borut's phone sends its battery of 10 minutes ago
      And Ana's phone sends its battery of 2 hours ago
      Then in the end these alerts are raised:
        | alert                                  | happened   |
        | Ana (phone) has been silent for 1 hour | 1 hour ago |
      When Ana's phone sends its battery of now
      Then the silence of Ana's phone is over

  Rule: A rule holds for whom and when it says

    Background:
      Given Ana carries a phone and allows location
      And Borut carries a phone and allows location

    Scenario: A rule about Ana says nothing about Borut
      Given the rule that Ana moves faster than 130 km/h
      When Borut's phone sends its location at 140 km/h
      And Ana's phone sends its location at 140 km/h
      Then 1 alert is raised
      And it is about Ana's phone

    Scenario Outline: A rule with hours is silent at other times
      Given Ana lives in the time zone Europe/Ljubljana
      And the place Home with a radius of 100 m
      And the rule that Ana is inside Home, on weekdays from 8:00 to 15:00
      When Ana's phone sends its location of <time>
      Then <alerts> alerts are raised

      Examples:
        | time           | alerts |
        | Tuesday 08:30  | 1      |
        | Tuesday 15:30  | 0      |
        | Saturday 10:00 | 0      |
